/**
 * Trees whose nodes are linked and cut, asked for their roots in between: a link-cut tree (Sleator and
 * Tarjan), in which each takes logarithmic time, amortized, however deep the trees are.
 */
export class ForestNode {
	/** Above in the same path, or, of the topmost of a path, the node that the path hangs below. */
	private up: ForestNode | undefined;
	/** Nearer to the root in the same path. */
	private left: ForestNode | undefined;
	/** Farther from the root in the same path. */
	private right: ForestNode | undefined;

	/** The topmost node of the tree that this one is in. */
	root(): ForestNode {
		this.access();
		let topmost: ForestNode = this.left ?? this;
		while (topmost.left) topmost = topmost.left;
		topmost.splay();
		return topmost;
	}

	/** Hangs this node below another. It must be the root of a tree that the other is not in. */
	link(parent: ForestNode): void {
		this.access();
		this.up = parent;
	}

	/** Takes this node, with what hangs below it, from its parent. */
	cut(): void {
		this.access();
		if (this.left) this.left.up = undefined;
		this.left = undefined;
	}

	/** Makes the way from the root to this node a path, with this node on top of it. */
	private access(): void {
		let below: ForestNode | undefined;
		for (let at: ForestNode | undefined = this; at; at = at.up) {
			at.splay();
			at.right = below;
			below = at;
		}
		this.splay();
	}

	private get isTopOfPath(): boolean {
		return this.up?.left !== this && this.up?.right !== this;
	}

	private splay(): void {
		while (!this.isTopOfPath) {
			const parent = this.up as ForestNode;
			if (!parent.isTopOfPath) {
				const isStraight = (parent.left === this) === (parent.up?.left === parent);
				(isStraight ? parent : this).rotate();
			}
			this.rotate();
		}
	}

	private rotate(): void {
		const parent = this.up as ForestNode;
		const above = parent.up;
		if (!parent.isTopOfPath && above) {
			if (above.left === parent) above.left = this;
			else above.right = this;
		}
		const isLeft = parent.left === this;
		const moved = isLeft ? this.right : this.left;
		if (isLeft) [parent.left, this.right] = [moved, parent];
		else [parent.right, this.left] = [moved, parent];
		if (moved) moved.up = parent;
		parent.up = this;
		this.up = above;
	}
}

/** Conversations made of headers (RFC 5256 §3), for servers that don't make them (THREAD). */
import type { Thread, ThreadAlgorithm } from '../engine/index';
import { ForestNode } from './forest';
import { nextTurn } from './next-turn';

/** What threading needs to know of a message. */
export interface ThreadedMessage {
	uid: number;
	/** With its angle brackets; undefined if there is none. */
	messageId: string | undefined;
	/** Message-IDs of what it answers, the parent last. */
	references: readonly string[];
	/** The base subject, in one case. */
	subject: string;
	isReply: boolean;
	/** Milliseconds since 1970. */
	sentAt: number;
}

/** A message and what answers it; without a message it only holds those together that answer the same. */
interface Node {
	message: ThreadedMessage | undefined;
	children: Node[];
}

/** Messages that are linked in one go; other work gets its turn in between. */
const PER_TURN = 2000;

/** @returns threads of UIDs, as a server would: by the date of their first message */
export async function threads(
	messages: readonly ThreadedMessage[],
	algorithm: ThreadAlgorithm,
): Promise<Thread[]> {
	const roots =
		algorithm === 'ORDEREDSUBJECT'
			? bySubject(messages)
			: algorithm === 'REFS'
				? await byReferences(messages)
				: gathered(await byReferences(messages));
	await nextTurn();
	return inOrder(roots).map(asThread);
}

/** All of one base subject are answers to the earliest (RFC 5256 §3 ORDEREDSUBJECT). */
function bySubject(messages: readonly ThreadedMessage[]): Node[] {
	const roots = new Map<string, Node>();
	for (const node of inOrder(messages.map((message) => ({ message, children: [] })))) {
		const root = roots.get(node.message?.subject ?? '');
		if (root) root.children.push(node);
		else roots.set(node.message?.subject ?? '', node);
	}
	return [...roots.values()];
}

/** A message, or the Message-ID of one that is not here. */
interface Linked {
	message: ThreadedMessage | undefined;
	parent: Linked | undefined;
	/** The same tree, which finds its root without walking up. */
	readonly tree: ForestNode;
	/** What it hangs below once those that are missing have given way; found when it is asked for. */
	above?: Linked;
}

/** RFC 5256 §3 REFERENCES, steps 1 to 4. */
async function byReferences(messages: readonly ThreadedMessage[]): Promise<Node[]> {
	const nodes = new Map<Linked, Node>();
	const roots = new Set<Node>();
	const nodeOf = (linked: Linked): Node => {
		const node = nodes.get(linked) ?? { message: linked.message, children: [] };
		nodes.set(linked, node);
		return node;
	};
	for (const [index, linked] of (await links(messages)).entries()) {
		if (index % PER_TURN === 0) await nextTurn();
		const above = aboveOf(linked);
		if (above) nodeOf(above).children.push(nodeOf(linked));
		const root = above ?? linked;
		if (root === linked || !root.message) roots.add(nodeOf(root));
	}
	const all = [...roots].flatMap((root) =>
		root.message || root.children.length > 1 ? [root] : root.children,
	);
	let done = 0;
	for (const node of nodes.values()) {
		if (++done % PER_TURN === 0) await nextTurn();
		node.children = inOrder(node.children);
	}
	return all;
}

/**
 * Those that are missing give way, save the topmost: it holds its answers together. Each of them is passed
 * once, however many messages hang below.
 */
function aboveOf(linked: Linked): Linked | undefined {
	const passed: Linked[] = [];
	let above = linked.parent;
	while (above && !above.message && above.parent) {
		passed.push(above);
		above = above.above ?? above.parent;
	}
	if (above) for (const missing of passed) missing.above = above;
	return above;
}

/** Steps 1 and 2: who answers whom. @returns the messages */
async function links(messages: readonly ThreadedMessage[]): Promise<Linked[]> {
	const byId = new Map<string, Linked>();
	const all = messages.map((message): Linked => {
		const linked = newLinked(message);
		const { messageId } = message;
		// The second message of one Message-ID counts as having none.
		if (messageId !== undefined && !byId.has(messageId)) byId.set(messageId, linked);
		return linked;
	});
	for (const [index, linked] of all.entries()) {
		if (index % PER_TURN === 0) await nextTurn();
		let parent: Linked | undefined;
		for (const id of linked.message?.references ?? []) {
			const next: Linked = byId.get(id) ?? newLinked(undefined);
			byId.set(id, next);
			if (parent && !next.parent) hang(next, parent);
			parent = next;
		}
		// Its own word about its parent, or that it has none, counts more than that of others.
		if (linked.parent === parent) continue;
		if (linked.parent) linked.tree.cut();
		linked.parent = undefined;
		if (parent) hang(linked, parent);
	}
	return all;
}

function newLinked(message: ThreadedMessage | undefined): Linked {
	return { message, parent: undefined, tree: new ForestNode() };
}

/** Unless the parent hangs below it already: References can go round in circles. */
function hang(linked: Linked, parent: Linked): void {
	if (parent.tree.root() === linked.tree) return;
	linked.tree.link(parent.tree);
	linked.parent = parent;
}

/** Step 5: threads of one subject come together. */
function gathered(roots: readonly Node[]): Node[] {
	const ordered = inOrder(roots);
	const bySubject = new Map<string, Node>();
	for (const node of ordered) {
		const { subject, isReply } = first(node);
		const known = bySubject.get(subject);
		const better = known?.message && (!node.message || (first(known).isReply && !isReply));
		if (subject !== '' && (!known || better)) bySubject.set(subject, node);
	}
	const left = new Set(ordered);
	const joined = new Set<Node>();
	for (const node of ordered) {
		const { subject, isReply } = first(node);
		const known = bySubject.get(subject);
		if (!known || known === node) continue;
		left.delete(node);
		joined.add(known);
		if (!known.message)
			for (const child of node.message ? [node] : node.children) known.children.push(child);
		else if (isReply && !first(known).isReply) known.children.push(node);
		else {
			const both: Node = { message: undefined, children: [known, node] };
			left.delete(known);
			left.add(both);
			joined.add(both);
			bySubject.set(subject, both);
		}
	}
	for (const node of joined) node.children = inOrder(node.children);
	return [...left];
}

/** The message that a thread goes by. */
function first(node: Node): ThreadedMessage {
	return (node.message ?? inOrder(node.children)[0]?.message) as ThreadedMessage;
}

/** By date; those of the same moment by arrival. */
function inOrder(nodes: readonly Node[]): Node[] {
	return nodes
		.map((node): [Node, ThreadedMessage] => [node, first(node)])
		.sort(([, one], [, other]) => one.sentAt - other.sentAt || one.uid - other.uid)
		.map(([node]) => node);
}

/** Without recursion: a long conversation is deep. */
function asThread(root: Node): Thread {
	const made: Thread = { number: root.message?.uid ?? null, children: [] };
	const waiting: Array<[Node, Thread]> = [[root, made]];
	for (let next = waiting.pop(); next; next = waiting.pop()) {
		const [{ children }, thread] = next;
		for (const child of children) {
			const below: Thread = { number: child.message?.uid ?? null, children: [] };
			thread.children.push(below);
			waiting.push([child, below]);
		}
	}
	return made;
}

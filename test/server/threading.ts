import { field } from './message/header';
import type { Numbered } from './message-set';
import { headerOf, sentAt, subjectOf } from './sort-key';

/** A message, or what is missing of it, and its answers. */
export interface ThreadNode {
	/** Undefined for a message that is only referred to, and for the root of a gathering by subject. */
	message: Numbered | undefined;
	/** When it was sent; of a dummy, when its first child was. */
	date: number;
	subject: string;
	isReply: boolean;
	parent: ThreadNode | undefined;
	children: ThreadNode[];
}

function dummy(children: ThreadNode[] = []): ThreadNode {
	return { message: undefined, date: 0, subject: '', isReply: false, parent: undefined, children };
}

interface Headed {
	node: ThreadNode;
	id: string | undefined;
	references: string[];
}

function read(numbered: Numbered): Headed {
	const [message] = numbered;
	const header = headerOf(message);
	const { text, isReply } = subjectOf(header.fields);
	const ids = (name: string): string[] => field(header.fields, name)?.match(/<[^<>\s]+>/g) ?? [];
	const references = ids('references');
	return {
		node: {
			...dummy(),
			message: numbered,
			date: sentAt(message, header),
			subject: text.toLowerCase(),
			isReply,
		},
		id: ids('message-id')[0],
		// In-Reply-To only stands in where there are no References (RFC 5256 §3).
		references: references.length > 0 ? references : ids('in-reply-to').slice(0, 1),
	};
}

/** All of one base subject are answers to the earliest (RFC 5256 §3 ORDEREDSUBJECT). */
export function threadBySubject(found: readonly Numbered[]): ThreadNode[] {
	const threads = new Map<string, ThreadNode>();
	for (const node of byDate(found.map((one) => read(one).node))) {
		const first = threads.get(node.subject);
		if (first) first.children.push(node);
		else threads.set(node.subject, node);
	}
	return [...threads.values()];
}

/** By whom a message answers, then by subject (RFC 5256 §3 REFERENCES; the steps are numbered there). */
export function threadByReferences(found: readonly Numbered[]): ThreadNode[] {
	const roots = linked(found.map(read)).flatMap(pruned);
	return sortedDeep(gathered(sortedDeep(roots)));
}

/** Step 1 and 2. @returns those that have no parent */
function linked(messages: readonly Headed[]): ThreadNode[] {
	const nodes: ThreadNode[] = [];
	const byId = new Map<string, ThreadNode>();
	const of = (id: string): ThreadNode => {
		let node = byId.get(id);
		if (!node) {
			node = dummy();
			byId.set(id, node);
			nodes.push(node);
		}
		return node;
	};
	for (const { node, id } of messages) {
		nodes.push(node);
		// The second message of one Message-ID counts as having none.
		if (id !== undefined && !byId.has(id)) byId.set(id, node);
	}
	for (const { node, references } of messages) {
		let parent: ThreadNode | undefined;
		for (const id of references) {
			const next = of(id);
			if (parent && !next.parent) link(parent, next);
			parent = next;
		}
		// Its own word about its parent, or that it has none, counts more than that of others.
		if (node.parent) node.parent.children.splice(node.parent.children.indexOf(node), 1);
		node.parent = undefined;
		if (parent) link(parent, node);
	}
	return nodes.filter(({ parent }) => !parent);
}

function link(parent: ThreadNode, child: ThreadNode): void {
	if (isWithin(parent, child)) return;
	child.parent = parent;
	parent.children.push(child);
}

function isWithin(node: ThreadNode, ancestor: ThreadNode): boolean {
	for (let at: ThreadNode | undefined = node; at; at = at.parent) if (at === ancestor) return true;
	return false;
}

/** Step 3: dummies give way to their children, save for the root of several. */
function pruned(root: ThreadNode): ThreadNode[] {
	const below = (node: ThreadNode): ThreadNode[] => {
		node.children = node.children.flatMap(below);
		return node.message ? [node] : node.children;
	};
	root.children = root.children.flatMap(below);
	return root.message || root.children.length > 1 ? [root] : root.children;
}

/** Step 4 and 6. */
function sortedDeep(nodes: ThreadNode[]): ThreadNode[] {
	for (const node of nodes) {
		node.children = sortedDeep(node.children);
		if (!node.message) node.date = node.children[0]?.date ?? 0;
	}
	return byDate(nodes);
}

/** Of the same moment: in the mailbox's order. */
function byDate(nodes: readonly ThreadNode[]): ThreadNode[] {
	const place = (node: ThreadNode): number =>
		node.message?.[1] ?? (node.children[0] ? place(node.children[0]) : 0);
	return [...nodes].sort((one, other) => one.date - other.date || place(one) - place(other));
}

/** Step 5: threads of one subject come together. */
function gathered(roots: readonly ThreadNode[]): ThreadNode[] {
	const subject = (node: ThreadNode): string =>
		(node.message ? node : node.children[0])?.subject ?? '';
	const isReply = (node: ThreadNode): boolean =>
		(node.message ? node : node.children[0])?.isReply ?? false;
	const table = new Map<string, ThreadNode>();
	for (const node of roots) {
		const known = table.get(subject(node));
		const better =
			known?.message !== undefined && (!node.message || (isReply(known) && !isReply(node)));
		if (subject(node) !== '' && (!known || better)) table.set(subject(node), node);
	}
	const left = new Set(roots);
	for (const node of roots) {
		const known = table.get(subject(node));
		if (!known || known === node) continue;
		left.delete(node);
		if (!known.message) known.children.push(...(node.message ? [node] : node.children));
		else if (isReply(node) && !isReply(known)) known.children.push(node);
		else {
			const both = dummy([known, node]);
			left.delete(known);
			left.add(both);
			table.set(subject(node), both);
		}
	}
	return [...left];
}

import type { CommandReader } from '../command-reader';
import { BadSyntax } from '../command-reader';
import type { SearchContext } from '../search';
import { readSearch, run } from '../search';
import { readCharset } from '../search-return';
import type { Session } from '../session';
import type { ThreadNode } from '../threading';
import { threadByReferences, threadBySubject } from '../threading';
import { checkCharset } from './search';

const ALGORITHMS = { ORDEREDSUBJECT: threadBySubject, REFERENCES: threadByReferences };

/** RFC 5256 §3 THREAD. */
export function thread(session: Session, reader: CommandReader, uid: boolean): string {
	reader.space();
	const name = reader.word();
	if (!isAlgorithm(name) || !session.has(`THREAD=${name}`))
		throw new BadSyntax(`unknown thread algorithm ${name}`);
	reader.space();
	checkCharset(readCharset(reader));
	const context: SearchContext = { session, modSeq: false };
	const test = readSearch(reader, context);
	reader.end();
	const threads = ALGORITHMS[name](run(session.selected, test));
	const each = threads.map((one) => `(${written(one, uid)})`);
	session.data(each.length > 0 ? `THREAD ${each.join('')}` : 'THREAD');
	return 'Thread completed.';
}

function isAlgorithm(name: string): name is keyof typeof ALGORITHMS {
	return Object.hasOwn(ALGORITHMS, name);
}

/** A chain of answers as it is, several answers to one message each in parentheses (RFC 5256 §5). */
function written(from: ThreadNode, uid: boolean): string {
	const words: string[] = [];
	for (let node: ThreadNode | undefined = from; node;) {
		if (node.message) words.push(String(uid ? node.message[0].uid : node.message[1]));
		if (node.children.length > 1) {
			words.push(node.children.map((child) => `(${written(child, uid)})`).join(''));
			break;
		}
		node = node.children[0];
	}
	return words.join(' ');
}

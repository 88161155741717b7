/** Every method of a session takes a signal, and one that is aborted already sends nothing. */
import { expect, onTestFinished, test } from 'vitest';
import { Imap4, type CommandOptions } from '../../../engine/index';
import { MemoryServer } from '../../server';

type Call = (imap: Imap4, options: CommandOptions) => Promise<unknown>;

const METHODS: Record<string, Call> = {
	append: (imap, options) => imap.append('INBOX', 'Subject: x\r\n\r\n', options),
	appendAll: (imap, options) =>
		imap.appendAll('INBOX', [{ message: 'x' }, { message: 'y' }], options),
	authenticate: (imap, options) => imap.authenticate('PLAIN', () => Buffer.from(''), options),
	capability: (imap, options) => imap.capability(options),
	command: (imap, options) => imap.command('XTEST', [], options),
	compress: (imap, options) => imap.compress(options),
	createMailbox: (imap, options) => imap.createMailbox('New', options),
	deleteAcl: (imap, options) => imap.deleteAcl('INBOX', 'ben', options),
	deleteMailbox: (imap, options) => imap.deleteMailbox('Work', options),
	enable: (imap, options) => imap.enable('CONDSTORE', options),
	getAcl: (imap, options) => imap.getAcl('INBOX', options),
	getAnnotation: (imap, options) => imap.getAnnotation('INBOX', '/comment', 'value', options),
	getJmapAccess: (imap, options) => imap.getJmapAccess(options),
	getMetadata: (imap, options) => imap.getMetadata('INBOX', '/private/comment', options),
	getQuota: (imap, options) => imap.getQuota('', options),
	getQuotaRoot: (imap, options) => imap.getQuotaRoot('INBOX', options),
	id: (imap, options) => imap.id(null, options),
	list: (imap, options) => imap.list('', '*', options),
	listRights: (imap, options) => imap.listRights('INBOX', 'ben', options),
	logIn: (imap, options) => imap.logIn({ user: 'ann', password: 'secret' }, options),
	login: (imap, options) => imap.login('ann', 'secret', options),
	lsub: (imap, options) => imap.lsub('', '*', options),
	myRights: (imap, options) => imap.myRights('INBOX', options),
	namespace: (imap, options) => imap.namespace(options),
	noop: (imap, options) => imap.noop(options),
	notify: (imap, options) => imap.notify([], options),
	open: (imap, options) => imap.open('INBOX', { check: true, ...options }),
	renameMailbox: (imap, options) => imap.renameMailbox('Work', 'Old', options),
	searchMailboxes: (imap, options) =>
		imap.searchMailboxes({ seen: true }, [{ mailboxes: ['INBOX'] }], options),
	setAcl: (imap, options) => imap.setAcl('INBOX', 'ben', 'lr', options),
	setAnnotation: (imap, options) =>
		imap.setAnnotation('INBOX', '/comment', { 'value.priv': 'x' }, options),
	setMetadata: (imap, options) => imap.setMetadata('INBOX', { '/private/comment': 'x' }, options),
	setQuota: (imap, options) => imap.setQuota('', { STORAGE: 1 }, options),
	startTls: (imap, options) => imap.startTls(options),
	status: (imap, options) => imap.status('INBOX', ['messages'], options),
	subscribe: (imap, options) => imap.subscribe('INBOX', options),
	unsubscribe: (imap, options) => imap.unsubscribe('INBOX', options),
};
/** Those that end the session, which they do in any case, or begin something that ends by its own options. */
const OTHERS = ['logout', 'destroy', 'idle', 'ref', 'unref', 'constructor', 'proxyauth'];

test('no method is left out', () => {
	const names = new Set<string>();
	for (
		let one: unknown = Imap4.prototype;
		one !== Object.prototype;
		one = Object.getPrototypeOf(one)
	) {
		for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(one)))
			if (typeof value === 'function') names.add(name);
	}
	expect([...names].toSorted()).toEqual([...Object.keys(METHODS), ...OTHERS].toSorted());
});

test.each(Object.entries(METHODS))('%s ends with the reason of its signal', async (_name, call) => {
	// A server that offers a login, and what precedes it, also to those who are logged in.
	const capabilities = { add: ['AUTH=PLAIN', 'STARTTLS'] };
	const server = await MemoryServer.start({ capabilities });
	onTestFinished(() => server.stop());
	server.addAccount('ann', 'secret');
	const { host, port } = server;
	const auth = { user: 'ann', password: 'secret' };
	const imap = await Imap4.connect({ host, port, security: 'none', auth });
	onTestFinished(() => imap.destroy());
	const sent = server.commands.length;
	const reason = new Error('not any more');
	await expect(call(imap, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
	await imap.logout();
	expect(server.commands.slice(sent).map(({ name }) => name)).toEqual(['LOGOUT']);
});

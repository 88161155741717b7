/** What people come for first, each built from an empty canvas by what the editor shows. */
import type { EmptyCanvas } from './empty-canvas';

export interface Task {
	/** Also the name of its picture. */
	name: string;
	title: string;
	/** Builds it, up to a last node that is open and not yet executed. */
	build(canvas: EmptyCanvas, folder: string): Promise<void>;
}

export const TASKS: readonly Task[] = [
	{
		name: 'save-invoices',
		title: 'Save the attachments of unread invoices to disk',
		async build(canvas, folder) {
			await canvas.add('save attachment', 'IMAP4 Message', 'Save attachments');
			await canvas.choose('messages', 'By Search');
			await canvas.addField('Read Status');
			await canvas.choose('readStatus', 'Unread');
			await canvas.addField('Subject Contains');
			await canvas.fill('subject', 'invoice');
			await canvas.close();
			await canvas.add('write file', 'Read/Write Files from Disk', 'Write File to Disk');
			const name = '{{ $json.uid }} {{ $binary.data.fileName }}';
			await canvas.express('fileName', `${folder}/${name}`);
		},
	},
	{
		name: 'file-newsletters',
		title: 'Move newsletters into a folder of their own',
		async build(canvas) {
			await canvas.add('newsletter', 'IMAP4 Message', 'Move messages');
			await canvas.choose('messages', 'By Search');
			await canvas.addHeaderField('List-Unsubscribe', 'Exists');
			await canvas.nameMailbox('destination', 'Newsletters');
			await canvas.toggle('createIfMissing');
		},
	},
	{
		name: 'draft-reply',
		title: 'Draft a reply',
		async build(canvas) {
			await canvas.add('reply', 'IMAP4 Message', 'Reply to messages');
			await canvas.choose('messages', 'By Search');
			await canvas.addField('Subject Contains');
			await canvas.fill('subject', 'lunch');
			await canvas.fill('text', 'Friday suits me well.');
		},
	},
	{
		name: 'daily-digest',
		title: 'A digest of unread mail each day',
		async build(canvas) {
			await canvas.add('schedule', 'Schedule Trigger');
			await canvas.close();
			await canvas.add('unread', 'IMAP4 Message', 'Search for messages');
			await canvas.addField('Read Status');
			await canvas.choose('readStatus', 'Unread');
			await canvas.close();
			await canvas.add('aggregate', 'Aggregate');
			await canvas.choose('aggregate', 'All Item Data (Into a Single List)');
		},
	},
	{
		name: 'remove-old-junk',
		title: 'Remove junk older than 30 days',
		async build(canvas) {
			await canvas.add('junk', 'IMAP4 Message', 'Delete messages');
			await canvas.choose('messages', 'By Search');
			await canvas.chooseMailbox('mailbox', 'Junk');
			await canvas.addField('Received Before');
			await canvas.express('before', '{{ $now.minus({ days: 30 }) }}');
		},
	},
];

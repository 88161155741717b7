/** What mailboxes are for: by the server's special-use attributes (RFC 6154), else by their names. */
import { hasAttribute, type MailboxEntry } from '../../../engine/index';
import { isSelectable } from './special-use';

export const MAILBOX_ROLES = [
	'all',
	'archive',
	'drafts',
	'flagged',
	'important',
	'inbox',
	'junk',
	'sent',
	'trash',
] as const;
export type MailboxRole = (typeof MAILBOX_ROLES)[number];

interface RoleFacts {
	/** As the editor shows it. */
	label: string;
	/** The attribute of RFC 6154 or, for Important, RFC 8457; INBOX has none. */
	attribute: string | undefined;
	/**
	 * The name of a new mailbox for this role; undefined where only the server can make one, because
	 * it is a view of other mailboxes.
	 */
	newName: string | undefined;
	/** What mail programs and providers call it, in lower case, the most specific first. */
	names: readonly string[];
}

export const ROLE_FACTS: Readonly<Record<MailboxRole, RoleFacts>> = {
	all: {
		label: 'All Mail',
		attribute: '\\All',
		newName: undefined,
		names: [
			'all mail',
			'all messages',
			'alle nachrichten',
			'tous les messages',
			'todos',
			'todos los correos',
			'todos os e-mails',
			'tutti i messaggi',
			'alle berichten',
			'вся почта',
			'wszystkie',
			'すべてのメール',
			'所有邮件',
			'所有郵件',
			'전체보관함',
		],
	},
	archive: {
		label: 'Archive',
		attribute: '\\Archive',
		newName: 'Archive',
		names: [
			'archive',
			'archives',
			'archived',
			'archiv',
			'archivé',
			'archivo',
			'archivados',
			'arquivo',
			'arquivo morto',
			'archivio',
			'archief',
			'archiwum',
			'архив',
			'arkiv',
			'arkivet',
			'arkisto',
			'archív',
			'archivum',
			'arhiva',
			'arşiv',
			'アーカイブ',
			'存档',
			'归档',
			'封存',
			'보관함',
		],
	},
	drafts: {
		label: 'Drafts',
		attribute: '\\Drafts',
		newName: 'Drafts',
		names: [
			'drafts',
			'draft',
			'entwürfe',
			'entwurf',
			'brouillons',
			'brouillon',
			'borradores',
			'borrador',
			'rascunhos',
			'rascunho',
			'bozze',
			'concepten',
			'kopie robocze',
			'szkice',
			'wersje robocze',
			'черновики',
			'чернетки',
			'utkast',
			'kladder',
			'kladde',
			'luonnokset',
			'koncepty',
			'rozepsané',
			'piszkozatok',
			'ciorne',
			'taslaklar',
			'πρόχειρα',
			'下書き',
			'草稿',
			'草稿箱',
			'임시보관함',
			'임시 보관함',
		],
	},
	flagged: {
		label: 'Flagged',
		attribute: '\\Flagged',
		newName: undefined,
		names: ['flagged', 'starred', 'markiert', 'suivis', 'destacados', 'com estrela', 'speciali'],
	},
	important: {
		label: 'Important',
		attribute: '\\Important',
		newName: undefined,
		names: ['important', 'wichtig', 'importantes', 'importante', 'importanti', 'belangrijk'],
	},
	inbox: { label: 'Inbox', attribute: undefined, newName: undefined, names: ['inbox'] },
	junk: {
		label: 'Junk (Spam)',
		attribute: '\\Junk',
		newName: 'Junk',
		names: [
			'junk',
			'spam',
			'junk e-mail',
			'junk email',
			'junk mail',
			'bulk mail',
			'bulk',
			'spamverdacht',
			'unerwünscht',
			'courrier indésirable',
			'indésirables',
			'pourriel',
			'correo no deseado',
			'no deseado',
			'lixo eletrônico',
			'lixo electrónico',
			'posta indesiderata',
			'indesiderata',
			'ongewenste e-mail',
			'ongewenst',
			'wiadomości-śmieci',
			'niechciane',
			'спам',
			'нежелательная почта',
			'skräppost',
			'søppelpost',
			'uønsket e-post',
			'uønsket mail',
			'roskaposti',
			'nevyžádaná pošta',
			'levélszemét',
			'gereksiz',
			'gereksiz e-posta',
			'迷惑メール',
			'垃圾邮件',
			'垃圾郵件',
			'스팸메일함',
			'스팸',
			'정크 메일',
		],
	},
	sent: {
		label: 'Sent',
		attribute: '\\Sent',
		newName: 'Sent',
		names: [
			'sent',
			'sent items',
			'sent messages',
			'sent mail',
			'sent-mail',
			'gesendet',
			'gesendete elemente',
			'gesendete objekte',
			'gesendete nachrichten',
			'envoyés',
			'éléments envoyés',
			'messages envoyés',
			'courrier envoyé',
			'enviados',
			'elementos enviados',
			'correo enviado',
			'enviadas',
			'itens enviados',
			'e-mails enviados',
			'inviata',
			'inviati',
			'posta inviata',
			'messaggi inviati',
			'verzonden',
			'verzonden items',
			'verzonden berichten',
			'wysłane',
			'elementy wysłane',
			'отправленные',
			'отправлено',
			'надіслані',
			'skickat',
			'skickade objekt',
			'sendt',
			'sendte elementer',
			'sendte',
			'lähetetyt',
			'lähetetyt kohteet',
			'odeslaná pošta',
			'odeslané',
			'odoslané',
			'elküldött elemek',
			'elküldött üzenetek',
			'trimise',
			'gönderilmiş öğeler',
			'gönderilenler',
			'απεσταλμένα',
			'送信済み',
			'送信済みメール',
			'送信済みアイテム',
			'已发送',
			'已发送邮件',
			'已傳送',
			'寄件備份',
			'보낸편지함',
			'보낸 편지함',
		],
	},
	trash: {
		label: 'Trash',
		attribute: '\\Trash',
		newName: 'Trash',
		names: [
			'trash',
			'deleted items',
			'deleted messages',
			'deleted',
			'bin',
			'rubbish',
			'papierkorb',
			'gelöschte elemente',
			'gelöschte objekte',
			'gelöscht',
			'corbeille',
			'éléments supprimés',
			'messages supprimés',
			'papelera',
			'elementos eliminados',
			'eliminados',
			'lixeira',
			'lixo',
			'itens excluídos',
			'cestino',
			'posta eliminata',
			'eliminata',
			'prullenbak',
			'verwijderde items',
			'kosz',
			'elementy usunięte',
			'корзина',
			'удаленные',
			'удалённые',
			'кошик',
			'papperskorg',
			'papperskorgen',
			'borttaget',
			'borttagna objekt',
			'papirkurv',
			'slettede elementer',
			'slettet post',
			'roskakori',
			'poistetut',
			'koš',
			'odstraněná pošta',
			'kuka',
			'törölt elemek',
			'coș de gunoi',
			'çöp kutusu',
			'silinmiş öğeler',
			'κάδος απορριμμάτων',
			'ゴミ箱',
			'削除済みアイテム',
			'已删除',
			'已删除邮件',
			'垃圾桶',
			'휴지통',
		],
	},
};

/** Folders of a provider's own, below which its mailboxes for roles are. */
const PROVIDER_FOLDERS: ReadonlySet<string> = new Set(['[gmail]', '[google mail]']);

/** The role that the server gives to the mailbox; undefined if it gives it none. */
export function markedRole(entry: MailboxEntry): MailboxRole | undefined {
	if (entry.name.toUpperCase() === 'INBOX') return 'inbox';
	return MAILBOX_ROLES.find((role) => {
		const { attribute } = ROLE_FACTS[role];
		return attribute !== undefined && hasAttribute(entry, attribute);
	});
}

/**
 * The name by which a mailbox can stand for a role: the one below INBOX, the personal prefix, or a
 * provider's folder.
 * @returns in lower case; undefined for a mailbox further down
 */
function nameForRole({ name, delimiter }: MailboxEntry): string | undefined {
	const levels = (delimiter ? name.split(delimiter) : [name]).map((level) =>
		level.normalize('NFC').toLowerCase(),
	);
	const [first] = levels;
	if (levels.length > 1 && (first === 'inbox' || PROVIDER_FOLDERS.has(first as string))) {
		levels.shift();
	}
	return levels.length === 1 ? levels[0] : undefined;
}

/**
 * The mailbox for a role: the one that the server marks, else one with a usual name, at the top
 * level or right below INBOX.
 * @param entries of the user's own mailboxes
 */
export function findByRole(
	entries: readonly MailboxEntry[],
	role: MailboxRole,
): MailboxEntry | undefined {
	const usable = entries.filter(isSelectable);
	const marked = usable.find((entry) => markedRole(entry) === role);
	if (marked || role === 'inbox') return marked;
	const named = usable.filter((entry) => {
		const other = markedRole(entry);
		return other === undefined || other === role;
	});
	for (const wanted of ROLE_FACTS[role].names) {
		const found = named.find((entry) => nameForRole(entry) === wanted);
		if (found) return found;
	}
	return undefined;
}

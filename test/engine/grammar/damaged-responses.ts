import fc from 'fast-check';

/** Sound responses of every kind, to be damaged. */
export const SOUND = [
	'* OK [CAPABILITY IMAP4rev2 AUTH=PLAIN] ready',
	'* NO [BADCHARSET ({5}\r\nutf-8 "x]")] no',
	'A1 OK [COPYUID 38505 304,319:320 3956:3958] done',
	'A1 NO [MODIFIED 7,9] some',
	'* OK [PERMANENTFLAGS (\\Deleted \\* [test])] x',
	'* OK [MAILBOXID (F2212ea87-6097)] x',
	'* LIST (\\HasChildren \\Sent) "/" "Entw&APw-rfe" ("CHILDINFO" ("SUBSCRIBED") OLDNAME (a))',
	'* STATUS {4}\r\na" b (MESSAGES 231 UIDNEXT 44292 MAILBOXID (F1) APPENDLIMIT NIL X 5)',
	'* NAMESPACE (("" "/")) NIL (("#x/" "/" "P" ("a" "b")))',
	'* SEARCH 2 3 6 (MODSEQ 917162500)',
	'* ESEARCH (TAG "A282") UID MIN 2 ALL 2,10:11 MODSEQ 5 PARTIAL (1:5 2,3)',
	'* THREAD (2)(3 6 (4 23)(44 7 96))',
	'* VANISHED (EARLIER) 300:310,405',
	'* ID ("name" "Cyrus" "x" NIL)',
	'* ACL INBOX Fred rwip "Keith M" lrs',
	'* QUOTA "" (STORAGE 10 512)',
	'* METADATA "" (/shared/comment {3}\r\na\r\n /private/x NIL)',
	'* 12 FETCH (FLAGS (\\Seen $x) UID 5 INTERNALDATE " 7-Jul-1996 02:44:25 -0700" RFC822.SIZE 4286)',
	'* 1 FETCH (MODSEQ (624140003) EMAILID (M6d99) THREADID NIL PREVIEW "hi" SAVEDATE NIL BINARY.SIZE[1.2] 42)',
	'* 1 FETCH (BODY[HEADER.FIELDS ("From" to)]<0> {3}\r\na\r\n BINARY[1] ~{2}\r\n\0\0 RFC822.TEXT NIL BODY[] "q\\"q")',
	'* 1 FETCH (ENVELOPE ("d" "s \\"q\\"" (("T" NIL "g" "h")) NIL NIL ((NIL NIL "t" NIL)("u" NIL "x" "y")(NIL NIL NIL NIL)) "" NIL {1}\r\na "<id>"))',
	'* 1 FETCH (BODYSTRUCTURE (("text" "plain" ("charset" "x") NIL NIL "7bit" 1 2 NIL ("inline" ("a" "b")) ("de") "l" (1))("message" "rfc822" NIL NIL NIL "7bit" 9 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ("text" "plain" NIL NIL NIL "7bit" 1 1) 5) "mixed" ("boundary" "y") NIL "en" NIL))',
];

const PIECES = [
	'(',
	')',
	'"',
	'\\',
	'{3}\r\n',
	'{999999}\r\n',
	'[',
	']',
	' ',
	'\r\n',
	'\0',
	'NIL',
	'*',
	'+',
	'<',
	'>',
	'~',
	'-1',
	'99999999999999999999',
	'ÿ',
	'~{1}\r\nx',
	'FETCH (',
	'%',
];

/** Bytes with something cut out, put in, doubled or turned round. */
export const damaged = fc
	.tuple(
		fc.array(fc.constantFrom(...SOUND), { minLength: 1, maxLength: 3 }),
		fc.array(
			fc.tuple(
				fc.nat(),
				fc.nat(12),
				fc.constantFrom('cut', 'insert', 'double', 'octet', 'end'),
				fc.constantFrom(...PIECES),
				fc.nat(255),
			),
			{ maxLength: 4 },
		),
	)
	.map(([lines, damages]) => {
		let text = lines.map((line) => `${line}\r\n`).join('');
		for (const [where, length, how, piece, code] of damages) {
			const at = where % (text.length + 1);
			const [before, after] = [text.slice(0, at), text.slice(at)];
			if (how === 'cut') text = before + after.slice(length);
			else if (how === 'insert') text = before + piece + after;
			else if (how === 'double') text = before + after.slice(0, length * 4) + after;
			else if (how === 'octet') text = before + String.fromCharCode(code) + after.slice(1);
			else text = before;
		}
		return Buffer.from(text, 'latin1');
	});

/** What a charset label means. Senders write labels in many ways, and some that name no charset at all. */
import { isKnownCharset } from '../vendor/iconv';

/** Microsoft's code page numbers that are not themselves the name of a table. */
const CODE_PAGES: Readonly<Record<string, string>> = {
	367: 'us-ascii',
	819: 'windows-1252',
	932: 'shift_jis',
	936: 'gb18030',
	942: 'shift_jis',
	943: 'shift_jis',
	949: 'euc-kr',
	950: 'big5',
	970: 'euc-kr',
	1200: 'utf-16le',
	1201: 'utf-16be',
	1361: 'johab',
	10000: 'macroman',
	10006: 'macgreek',
	10007: 'maccyrillic',
	10029: 'maccenteuro',
	10079: 'maciceland',
	10081: 'macturkish',
	12000: 'utf-32le',
	12001: 'utf-32be',
	20127: 'us-ascii',
	20866: 'koi8-r',
	20932: 'euc-jp',
	20936: 'gb18030',
	20949: 'euc-kr',
	21866: 'koi8-u',
	28591: 'windows-1252',
	28599: 'windows-1254',
	38598: 'iso-8859-8',
	50220: 'iso-2022-jp',
	50221: 'iso-2022-jp',
	50222: 'iso-2022-jp',
	50225: 'iso-2022-kr',
	50227: 'iso-2022-cn',
	51932: 'euc-jp',
	51936: 'gb18030',
	51949: 'euc-kr',
	51950: 'big5',
	52936: 'hz-gb-2312',
	54936: 'gb18030',
	65000: 'utf-7',
	65001: 'utf-8',
};

/** Written without punctuation, in lower case. */
const NAMES: Readonly<Record<string, string>> = {
	...spelled('utf-8', 'utf8 unicode11utf8 unicode20utf8 utf8n utf8mb4 xutf8 xunicode20utf8'),
	...spelled(
		'us-ascii',
		'ascii usascii ansix34 ansix341968 ansix341986 iso646us iso646 us csascii',
	),
	...spelled(
		'windows-1252',
		'latin1 l1 isolatin1 xlatin1 westerneuropean csisolatin1 ibm819 win1252',
	),
	...spelled('iso-8859-2', 'latin2 l2 csisolatin2'),
	...spelled('iso-8859-3', 'latin3 l3 csisolatin3'),
	...spelled('iso-8859-4', 'latin4 l4 csisolatin4'),
	...spelled('iso-8859-5', 'cyrillic csisolatincyrillic'),
	...spelled('iso-8859-6', 'arabic csisolatinarabic ecma114 asmo708'),
	...spelled('iso-8859-7', 'greek greek8 csisolatingreek ecma118 elot928'),
	...spelled('iso-8859-8', 'hebrew csisolatinhebrew visual logical'),
	...spelled('windows-1254', 'latin5 l5 csisolatin5 turkish'),
	...spelled('iso-8859-10', 'latin6 l6 csisolatin6'),
	...spelled('iso-8859-13', 'latin7 l7 baltic'),
	...spelled('iso-8859-14', 'latin8 l8'),
	...spelled('iso-8859-15', 'latin9 l9 csisolatin9'),
	...spelled('iso-8859-16', 'latin10 l10'),
	...spelled(
		'gb18030',
		'gb2312 gb231280 gbk xgbk xmacchinesesimp gb18030 gb180302000 gb180302005 gb180302022 euccn eucgb chinese csgb2312 csgb231280 csiso58gb231280 isoir58 xeuccn gb',
	),
	...spelled('hz-gb-2312', 'hz hzgb2312 hzgb cshzgb2312'),
	...spelled(
		'big5',
		'big5 big5hkscs xmacchinesetrad xxbig5 csbig5 cnbig5 big5eten big5tw big5hk xbig5',
	),
	...spelled(
		'euc-kr',
		'euckr ksc5601 ksc56011987 ksc56011989 ksc5601 ksx1001 korean cseuckr csksc56011987 uhc xwindows949 isoir149 xmackorean',
	),
	...spelled(
		'shift_jis',
		'shiftjis sjis xsjis xmacjapanese csshiftjis mskanji windows31j cswindows31j ms932 shiftjis2004 shiftjisx0213',
	),
	...spelled('euc-jp', 'eucjp xeucjp xeuc ujis eucjpms cseucpkdfmtjapanese eucjis2004'),
	...spelled(
		'iso-2022-jp',
		'iso2022jp iso2022jp1 iso2022jp2 iso2022jp3 iso2022jpms csiso2022jp iso2022jp2004 jis iso2022',
	),
	...spelled('iso-2022-kr', 'iso2022kr csiso2022kr'),
	...spelled('iso-2022-cn', 'iso2022cn iso2022cnext'),
	...spelled('johab', 'johab ms1361 ksc5601johab'),
	...spelled('koi8-r', 'koi8r koi8 koi cskoi8r'),
	...spelled('koi8-u', 'koi8u koi8ru'),
	...spelled('tis-620', 'tis620 tis62025331 tis62025330 dos874'),
	...spelled('macroman', 'macintosh mac xmacroman csmacintosh macroman xmac'),
	...spelled('maccyrillic', 'xmaccyrillic xmacukrainian maccyrillic'),
	...spelled('macgreek', 'xmacgreek'),
	...spelled('maciceland', 'xmacicelandic'),
	...spelled('maccroatian', 'xmaccroatian'),
	...spelled('macromania', 'xmacromanian'),
	// Mac charsets without tables of their own have their letters where these have them.
	...spelled('windows-1255', 'xmachebrew'),
	...spelled('iso-8859-6', 'xmacarabic'),
	...spelled('tcvn', 'xviettcvn5712 tcvn5712 tcvn'),
	...spelled('macturkish', 'xmacturkish'),
	...spelled('maccenteuro', 'xmacce maccentraleurope xmaccentraleurroman'),
	...spelled('utf-7', 'utf7 unicode11utf7 xunicode20utf7 csunicode11utf7'),
	...spelled('utf-16', 'utf16 unicode ucs2 iso10646ucs2 csunicode iso10646'),
	...spelled('utf-16le', 'utf16le ucs2le unicodefffe'),
	...spelled('utf-16be', 'utf16be ucs2be unicodefeff'),
	...spelled('utf-32', 'utf32 ucs4 iso10646ucs4'),
	...spelled('utf-32le', 'utf32le ucs4le'),
	...spelled('utf-32be', 'utf32be ucs4be'),
};

function spelled(name: string, spellings: string): Record<string, string> {
	return Object.fromEntries(spellings.split(' ').map((one) => [one, name]));
}

const LONGEST_LABEL = 60;

/**
 * @param claimed as the sender wrote it, with whatever quotes and punctuation
 * @returns the name of a charset that charset-decoder.ts decodes, or undefined if the label names none
 */
export function charsetNamed(claimed: string | null | undefined): string | undefined {
	const written = claimed?.slice(0, LONGEST_LABEL).trim().toLowerCase();
	// RFC 2231 §5: encoded words may name a language behind the charset.
	const label = written?.replace(/\*.*$/, '').replace(/^["'=\s]+|["'\s;,]+$/g, '');
	if (!label) return undefined;
	const [, part] = /^(?:iso)?[-_ ]?8859[-_ ]?(\d{1,2})(?:[-_: ].*)?$/.exec(label) ?? [];
	if (part !== undefined) return iso8859(Number(part));
	const plain = label.replace(/[^a-z0-9]/g, '');
	const named = Object.hasOwn(NAMES, plain) ? NAMES[plain] : undefined;
	if (named !== undefined) return named;
	const [, page] =
		/^(?:x)?(?:windows|win|cp|ibm|ms|dos|codepage|csibm|cspc)?0*(\d{3,5})$/.exec(plain) ?? [];
	if (page !== undefined) {
		return CODE_PAGES[page] ?? codePage(Number(page));
	}
	return isKnownCharset(label) && !NOT_TEXT.has(plain) ? label : undefined;
}

/** Names that iconv-lite takes for encodings of bytes. */
const NOT_TEXT = new Set(['binary', 'hex', 'base64', 'utf7imap', 'ucs2', 'cesu8']);

function iso8859(part: number): string | undefined {
	// What browsers do (WHATWG Encoding Standard): Windows' charsets have the same letters and more.
	if (part === 1) return 'windows-1252';
	if (part === 9) return 'windows-1254';
	if (part === 11) return 'windows-874';
	return part >= 2 && part <= 16 && part !== 12 ? `iso-8859-${part}` : undefined;
}

function codePage(page: number): string | undefined {
	if (page > 28590 && page <= 28606) return iso8859(page - 28590);
	return [`windows-${page}`, `cp${page}`].find(isKnownCharset);
}

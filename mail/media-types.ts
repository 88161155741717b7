/** Extensions of file names by media type. */
import { detectExtension } from './vendor/media-types';

const OURS: Readonly<Record<string, string>> = {
	'message/rfc822': 'eml',
	'message/global': 'eml',
	'text/calendar': 'ics',
	'text/vcard': 'vcf',
	'text/x-vcard': 'vcf',
	'text/directory': 'vcf',
	'text/rtf': 'rtf',
	'text/markdown': 'md',
	'text/csv': 'csv',
	'application/json': 'json',
	'application/ms-tnef': 'dat',
	'application/pkcs7-mime': 'p7m',
	'application/x-pkcs7-mime': 'p7m',
	'application/pkcs7-signature': 'p7s',
	'application/pgp-signature': 'asc',
	'text/rfc822-headers': 'txt',
	'message/delivery-status': 'txt',
	'message/disposition-notification': 'txt',
	'message/feedback-report': 'txt',
	'message/global-delivery-status': 'txt',
	'message/global-headers': 'txt',
	'message/news': 'eml',
	'message/partial': 'eml',
	'application/x-zip-compressed': 'zip',
	'image/heic': 'heic',
	'image/heif': 'heif',
	'image/avif': 'avif',
	'image/webp': 'webp',
	'image/jpg': 'jpg',
	'audio/amr': 'amr',
	'application/vnd.apple.pkpass': 'pkpass',
};

/** @returns without the dot; `bin` for what is not known */
export function extensionOf(mimeType: string): string {
	const type = mimeType.toLowerCase();
	const found = Object.hasOwn(OURS, type) ? OURS[type] : detectExtension(type);
	return found !== undefined && /^[a-z0-9]+$/i.test(found) ? found : 'bin';
}

/** Composes messages (RFC 5322, MIME). */
import MailComposer from 'nodemailer/lib/mail-composer';

export { MailComposer };
export type { Options as MailOptions } from 'nodemailer/lib/mailer';

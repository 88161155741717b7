/** Which extension files of a media type have; nodemailer's list, which is bundled with its composer anyway. */
export { detectExtension } from 'nodemailer/lib/mime-funcs';

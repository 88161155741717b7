/** The text of an HTML document. */
export { convert as htmlToText } from 'html-to-text';

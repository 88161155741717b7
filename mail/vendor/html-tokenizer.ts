/** Splits HTML into tags, attributes and text, as browsers do (WHATWG HTML, tokenization). */
export { Tokenizer } from 'htmlparser2';

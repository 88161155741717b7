declare const kind: unique symbol;

/**
 * The unique identifier of a message in its mailbox (RFC 9051 §2.3.1.1): a number that no other message
 * gets while UIDVALIDITY stays the same. Plain numbers become UIDs by {@link UidSet.from}.
 */
export type Uid = number & { readonly [kind]: 'UID' };

/**
 * The place of a message in its mailbox, counted from 1 (RFC 9051 §2.3.1.2): it changes whenever a message
 * before it is removed.
 */
export type SequenceNumber = number & { readonly [kind]: 'sequence number' };

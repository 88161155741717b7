/** An address as data. */

export interface MailAddress {
	/** Display name, decoded; empty if there is none. */
	name: string;
	/** `anna@example.com`; without `@` if it was sent so; empty if there is only a name. */
	address: string;
	/** Name of the group it belongs to (RFC 5322 §3.4). An empty group is one entry with neither name nor address. */
	group?: string;
}

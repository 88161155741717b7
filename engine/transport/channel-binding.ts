/** What ties a login to the TLS connection it runs over (RFC 5929, RFC 9266). */
export interface ChannelBinding {
	/** Its name in SCRAM and GS2. */
	type: 'tls-exporter' | 'tls-unique';
	/** What both ends of the connection know. */
	data: Buffer;
}

/** What ties a login to the TLS connection it runs over (RFC 5929, RFC 9266). */
export interface ChannelBinding {
	type: 'tls-exporter' | 'tls-unique';
	data: Buffer;
}

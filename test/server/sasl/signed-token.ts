import { createHmac, timingSafeEqual } from 'node:crypto';

interface Claims {
	sub?: string;
	nbf?: number;
	exp?: number;
}

/**
 * Tells who owns a JSON Web Token (RFC 7519) that was signed with HMAC-SHA-256 and this key: its
 * subject, while it is valid. For {@link MemoryServerOptions.tokenOwner}.
 */
export function signedTokenOwner(key: string): (token: string) => string | undefined {
	return (token) => {
		const [head, claims, signature, ...more] = token.split('.');
		if (head === undefined || claims === undefined || signature === undefined || more.length > 0)
			return undefined;
		const wanted = createHmac('sha256', key).update(`${head}.${claims}`).digest('base64url');
		if (wanted.length !== signature.length) return undefined;
		if (!timingSafeEqual(Buffer.from(wanted), Buffer.from(signature))) return undefined;
		try {
			if ((decoded(head) as { alg?: string }).alg !== 'HS256') return undefined;
			const { sub, nbf = 0, exp = Infinity } = decoded(claims) as Claims;
			const now = Date.now() / 1000;
			return nbf <= now && now < exp ? sub : undefined;
		} catch {
			return undefined;
		}
	};
}

function decoded(part: string): unknown {
	return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
}

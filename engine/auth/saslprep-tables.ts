/**
 * Tables of RFC 3454 that SASLprep names (RFC 4013 §2): ranges of code points, written as the distance
 * from the end of the range before and, after `+`, how many more follow; both in base 36.
 */

/** Table C.1.2: spaces other than U+0020. */
export const SPACES = '4g 4bk 1vk+b 10 1c 335';

/** Table B.1: characters that are mapped to nothing. */
export const IGNORED = '4t iq 43b 5+2 1ku+2 2b 17s0+f 6o';

/** Tables C.1.2, C.2.1, C.2.2, C.3 to C.9: characters that a prepared string may not contain. */
export const PROHIBITED =
	'0+v 2o+x io+1 po 1e 31t b2 1ki+f p+7 1c+4 7+5 329+b 5 x6o+6in y9+v 7k 6y+6 15dg+7 ' +
	'96s+1 1ekf+1 1ekf+1 1ekf+1 1ekf+1 1ekf+1 1ekf+1 1ekf+1 1ekf+1 1ekf+1 1ekf+1 1ekf+1 ' +
	'1ekf+1 2 v+2n 1egv+2t4x';

/** Table D.1: characters written from right to left. */
export const RIGHT_TO_LEFT =
	'14u 2 3 d+q 6+4 13 4 2+p 6+a z+2 2+2s 8 8+1 k+4 2+d 3 2+q 2c+11 c 4ta 179q 2+9 2+c 2+4 ' +
	'2 2+1 2+1 2+2z y+a2 j+1r 3+1h 15+c 38+4 2+3q';

/** Table D.2: characters written from left to right. */
export const LEFT_TO_RIGHT =
	'1t+p 7+p 1c b 5 6+m 2+u 2+88 2+h t+2l 3+8 3+6 f+1 f+4 a 3w c 2+2 2 2+j 2+17 2+11 b+3m ' +
	'8+1w 2+11 3+1 7+f y+11 3+6 2+12 2 oq 2+1g 4+3 9+3 4 8+9 3+c i+1 2+7 3+1 3+l 2+6 2 4+3 ' +
	'5+2 7+1 3+1 b 5+1 2+2 5+b 3+6 b+5 5+1 3+l 2+6 2+1 2+1 2+1 5+2 p+3 2 8+9 3+2 f 2+6 2 ' +
	'2+2 2+l 2+6 2+1 2+4 4+3 9 2+1 4 g 6+9 j+1 2+7 3+1 3+l 2+6 2+1 3+3 4+1 2 7+1 3+1 b 5+1 ' +
	'2+2 5+a j 2+5 4+2 2+3 4+1 2 2+1 4+1 4+2 4+7 2+2 5+1 2+1 4+2 2+2 b g+b f+2 2+7 2+2 2+m ' +
	'2+9 2+4 8+3 s+1 5+9 j+1 2+7 2+2 2+m 2+9 2+4 5 2+4 3+1 2+1 a+1 8 2+1 5+9 j+1 2+7 2+2 ' +
	'2+m 2+f 5+2 6+2 2+2 b 9+1 5+9 j+1 2+h 4+n 2+8 2 3+6 9+2 7+7 j+2 d+1b 2+1 d+6 9+c 12+1 ' +
	'2 3+1 2 3 7+3 2+6 2+2 2 2 3+1 2+3 2+1 a 3+4 2 a+9 3+1 z+n 3+q 2 2 6+9 2+x l 6 3+3 1f+7 ' +
	'2+5 3 1d+x 2+4 2+1 2 5 7 8+n 21+11 b+14 3 5+2h 6+1v 6+29 7+6 2+1q 2 2+3 3+6 2 2+3 3+12 ' +
	'2 2+3 3+u 2 2+3 3+6 2 2+3 3+6 2+6 2+m 2+u 2 2+3 3+6 2+12 2+i 7+r 10+2c d+hh b+p 6+28 ' +
	'g+c 2+3 f+h 4+1 a+h f+c 2+2 g+1i 8+7 2+1 c+6 2 4+9 13+9 7+2f 9+14 120+4b 5+2h 7+l 3+5 ' +
	'3+11 3+5 3+7 2 2 2 2+u 3+1g 2+6 2 4+2 2+6 4+3 3+5 5+c 6+2 2+6 i 2r e 3n 5 3+9 2 4+4 7 ' +
	'2 2 2+3 2+2 2+6 4+2 6+4 n+z c3+1w r 7b+25 270+2 q+8 8+4 3+4 5+2d 7+2 2+2h 2+3 6+13 ' +
	'5+2l 2+13 1l+18 4+z t+r 4+1d g+b 5+1a 2+3a 5+2q 3+u 2+52t 23+g4l 2j+wc 1h0+8mb 2l+6r1 ' +
	'3+1m 46+6 d+4 sq+p 7+p c+2g 4+5 3+5 3+5 3+2 mc+u 2+3 d+q 52+11 3+11 148j+6t b+12 4+1o ' +
	'4+8 h+1 8+t 5+1b f7+2c 2+1y 2+1 3 3+1 3+3 2+b 2 2+3 2+1 2+1s 2+3 3+7 2+6 2+r 2+3 2+4 2 ' +
	'4+6 2+9d 5+81 7xz+wye g16+f1 gvz7+1ekd 3+1ekd';

/** Where each range begins and, behind it, where it ends; ascending. */
export function decodeRanges(encoded: string): Uint32Array {
	let at = 0;
	return Uint32Array.from(
		encoded.split(' ').flatMap((range) => {
			const [distance = '', more = '0'] = range.split('+');
			const first = at + parseInt(distance, 36);
			at = first + parseInt(more, 36);
			return [first, at];
		}),
	);
}

/** Whether one of the ranges includes the code point. */
export function includes(ranges: Uint32Array, codePoint: number): boolean {
	let low = 0;
	let high = ranges.length / 2;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (codePoint < (ranges[2 * middle] as number)) high = middle;
		else if (codePoint > (ranges[2 * middle + 1] as number)) low = middle + 1;
		else return true;
	}
	return false;
}

/** Sums of 32-byte big-endian numbers modulo 2^256: the order of what is added does not matter. */

const LENGTH = 32;

/** a + b. */
export function addSums(a: Uint8Array, b: Uint8Array): Uint8Array {
  const sum = new Uint8Array(LENGTH);
  let carry = 0;
  for (let at = LENGTH - 1; at >= 0; at--) {
    carry += (a[at] as number) + (b[at] as number);
    sum[at] = carry;
    carry >>= 8;
  }
  return sum;
}

/** a − b. */
export function subtractSums(a: Uint8Array, b: Uint8Array): Uint8Array {
  const difference = new Uint8Array(LENGTH);
  let borrow = 0;
  for (let at = LENGTH - 1; at >= 0; at--) {
    borrow += (a[at] as number) - (b[at] as number);
    difference[at] = borrow;
    borrow >>= 8;
  }
  return difference;
}

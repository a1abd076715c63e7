/**
 * Uniform random numbers between 0 and 1, neither of them reached; the same for the same seed.
 * xoshiro128**, its four words filled from the seed by a Weyl sequence mixed twice.
 *
 * @source blackman2021
 */
export function randomNumbers(seed: number): () => number {
  const state = new Int32Array(4);
  let weyl = seed | 0;
  for (let i = 0; i < 4; i++) {
    weyl = (weyl + 0x9e3779b9) | 0;
    let word = Math.imul(weyl ^ (weyl >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    state[i] = word ^ (word >>> 15);
  }
  return () => {
    const s0 = state[0] as number;
    const s1 = state[1] as number;
    const s2 = state[2] as number;
    const s3 = state[3] as number;
    const scrambled = Math.imul(s1, 5);
    const drawn = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const third = s2 ^ s0;
    const fourth = s3 ^ s1;
    state[1] = s1 ^ third;
    state[0] = s0 ^ fourth;
    state[2] = third ^ (s1 << 9);
    state[3] = (fourth << 11) | (fourth >>> 21);
    return ((drawn >>> 0) + 0.5) / 0x100000000;
  };
}

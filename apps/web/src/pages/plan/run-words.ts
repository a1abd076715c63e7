import { signed } from "../images/words.ts";

/** "6.2 s", "3 min 20 s". */
export function secondsWords(seconds: number): string {
  if (seconds < 10) return `${signed(seconds)} s`;
  const whole = Math.round(seconds);
  return whole < 100 ? `${whole} s` : `${Math.floor(whole / 60)} min${whole % 60 === 0 ? "" : ` ${whole % 60} s`}`;
}

/** "6.2 s, about 4 s left"; without the second part where it is too early to tell. */
export function clockWords(seconds: number, share: number): string {
  const soFar = secondsWords(seconds);
  if (share < 0.03 || seconds < 1) return soFar;
  const left = (seconds * (1 - share)) / share;
  return `${soFar}, about ${secondsWords(Math.max(1, Math.round(left)))} left`.replace(".0 s left", " s left");
}

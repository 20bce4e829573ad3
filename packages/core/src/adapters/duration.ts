/** Milliseconds as people write them in an object: `15s`, `1.5s`, `250ms`; a millisecond at least. */
export function duration(ms: number): string {
  const whole = Math.max(1, Math.round(ms));
  return whole % 100 === 0 ? `${whole / 1000}s` : `${whole}ms`;
}

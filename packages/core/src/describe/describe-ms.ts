/** `7 s`, `500 ms`, `1.5 s` */
export const describeMs = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`);

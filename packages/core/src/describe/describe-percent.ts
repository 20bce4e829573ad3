/** `10 %`, `33.33 %`: two decimals at most, and none that say nothing. */
export const describePercent = (percent: number): string => `${Number(percent.toFixed(2))} %`;

import { matchImplies, type NamedMatch } from '@heddle/core';

/**
 * Without conditions that another one on the same header implies: of intents that are put together both may say something of one header,
 * and Kuma takes one condition on it. A value that satisfies the stricter one satisfies both, however often the header is sent.
 */
export function strictest(headers: readonly NamedMatch[]): readonly NamedMatch[] {
  const implies = (narrow: NamedMatch, wide: NamedMatch) => matchImplies({ headers: [narrow] }, { headers: [wide] });
  return headers.filter(
    (one, at) => !headers.some((other, index) => index !== at && implies(other, one) && (!implies(one, other) || index < at)),
  );
}

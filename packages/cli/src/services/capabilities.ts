import { type Capabilities, FEATURES } from '@heddle/core';

/** What a mesh can and cannot do, as JSON shows it. What an adapter does not declare counts as unsupported. */
export interface CapabilityReport {
  readonly can: readonly string[];
  readonly cannot: readonly { readonly feature: string; readonly why: string; readonly instead?: string }[];
}

export function capabilityReport(capabilities: Capabilities): CapabilityReport {
  const cannot = FEATURES.flatMap((feature) => {
    const support = capabilities[feature];
    if (support === 'supported') return [];
    if (support === undefined) return [{ feature, why: 'not declared' }];
    return [{ feature, why: support.unsupported, ...(support.instead === undefined ? {} : { instead: support.instead }) }];
  });
  return { can: FEATURES.filter((feature) => capabilities[feature] === 'supported'), cannot };
}

import { type Change, type MeshEnvironment, ok, type Result, refuse } from '@heddle/core';
import { type Raw, records } from '../decode/raw.js';
import { destinationOf, type VersionHost, written } from './destination.js';
import { type Share, shareOf } from './share.js';

/** What a rule says of copies of its requests, in all spellings (istio/api `virtual_service.proto`, 1.31). */
export const MIRROR_FIELDS = ['mirror', 'mirrors', 'mirrorPercentage', 'mirrorPercent', 'mirror_percent'] as const;

export interface WantedMirror {
  readonly to: VersionHost;
  readonly share: Share;
}

export function mirrorOf(
  { version, percent }: { readonly version: string; readonly percent: number },
  change: Change,
  env: MeshEnvironment,
): Result<WantedMirror> {
  if (percent === 0) {
    return refuse('invalid-percent', 'mirror: expected more than 0 percent, received 0', 'leave the mirror out');
  }
  const to = destinationOf(version, change, env);
  const share = shareOf(percent, 'mirror');
  if ('refused' in to) return to;
  return 'refused' in share ? share : ok({ to: to.ok, share: share.ok });
}

/** One mirror alone: `mirror` is served by every version that has shares of mirrors (1.5), `mirrors` only from 1.19 on. */
export const writtenMirror = ({ to, share }: WantedMirror, port: number): Raw => ({
  mirror: written(to, port),
  mirrorPercentage: share,
});

/**
 * A delegate and its root may have said one of the two each, and then both count (istio `pilot/pkg/model/virtualservice.go`,
 * mergeHTTPRoute, 1.31); in one rule the webhook refuses that, so it is all written as a list.
 */
export function oneMirrorList(rule: Raw): Raw {
  if (rule.mirror == null || records(rule.mirrors).length === 0) return rule;
  const { mirror, mirrors, mirrorPercentage, mirrorPercent, mirror_percent: older, ...rest } = rule;
  const percent = mirrorPercent ?? older;
  const percentage = mirrorPercentage ?? (percent == null ? undefined : { value: percent });
  return { ...rest, mirrors: [{ destination: mirror, ...(percentage === undefined ? {} : { percentage }) }, ...records(mirrors)] };
}

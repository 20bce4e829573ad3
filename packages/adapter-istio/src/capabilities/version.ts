import type { MeshEnvironment } from '@heddle/core';

/**
 * Whether a missing header counts as the empty string under `withoutHeaders`: since Istio 1.22 (mesh-semantics §1).
 * An unknown version counts as a current one.
 */
export function missingHeaderIsEmpty(env: MeshEnvironment): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(env.version ?? '') ?? [];
  if (major === undefined || minor === undefined) return true;
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 22);
}

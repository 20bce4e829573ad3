/** The Envoy that a release of Kuma ships: `ENVOY_VERSION` of its build files at the tags 2.8.0 to v2.14.0. */
const SHIPPED: Readonly<Record<string, string>> = {
  '2.8': '1.30',
  '2.9': '1.30',
  '2.10': '1.32',
  '2.11': '1.34',
  '2.12': '1.35',
  '2.13': '1.36',
  '2.14': '1.38',
};

/** `undefined` for a release that is not known. What differs between Envoys here came with 1.39, so all before 2.8 count as 2.8. */
export function envoyOf(version: string): string | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  const isOld = Number(major) < 2 || (Number(major) === 2 && Number(minor) < 8);
  return SHIPPED[isOld ? '2.8' : `${major}.${minor}`];
}

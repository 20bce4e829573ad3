import type { InstalledPackage } from '../plugins/catalogue.js';

export interface VersionReport {
  readonly heddle: string;
  readonly node: string;
  readonly platform: string;
  readonly packages: readonly { readonly name: string; readonly version: string; readonly origin: string }[];
}

export function versionReport(version: string, packages: readonly InstalledPackage[]): VersionReport {
  return {
    heddle: version,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    packages: packages.map(({ name, version: each, origin }) => ({ name, version: each, origin })),
  };
}

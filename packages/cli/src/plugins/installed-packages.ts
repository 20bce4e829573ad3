import type { Config } from '@oclif/core';
import type { InstalledPackage } from './catalogue.js';

/** The packages that oclif knows, from their package.json alone. */
export function installedPackages(config: Config): readonly InstalledPackage[] {
  return config.getPluginsList().map(({ name, version, root, type, pjson }) => ({ name, version, root, origin: type, pjson }));
}

import type { Config } from '@oclif/core';
import type { InstalledPackage } from './catalogue.js';

/**
 * The packages that oclif knows, from their package.json alone: what heddle brings first, then by name. oclif lists them in the order in
 * which they happened to load, and nobody should see the same list in another order each time.
 */
export function installedPackages(config: Pick<Config, 'getPluginsList'>): readonly InstalledPackage[] {
  return config
    .getPluginsList()
    .map(({ name, version, root, type, pjson }) => ({ name, version, root, origin: type, pjson }))
    .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

const orderOf = ({ origin, name }: InstalledPackage) => `${origin === 'core' ? 0 : 1} ${name}`;

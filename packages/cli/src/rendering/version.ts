import type { VersionReport } from '../services/version.js';

export function renderVersion({ heddle, node, platform, packages }: VersionReport): string {
  const width = Math.max(...packages.map(({ name }) => name.length));
  return [
    `heddle ${heddle} on Node.js ${node.replace(/^v/, '')}, ${platform}`,
    ...packages.map(({ name, version, origin }) => `  ${name.padEnd(width)}  ${version}${origin === 'core' ? '' : `  ${origin}`}`),
  ].join('\n');
}

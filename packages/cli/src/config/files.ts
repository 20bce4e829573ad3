import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const PROJECT_FILE = '.heddle.yaml';
export const USER_FILE = 'config.yaml';

/** The files that count here, lowest first, whether they are there or not. */
export function configFiles(at: { readonly configDir: string; readonly cwd: string }): readonly string[] {
  return [join(at.configDir, USER_FILE), nearestProjectFile(at.cwd)].filter((file) => file !== undefined);
}

/** The `.heddle.yaml` of this folder or one above it. */
export function nearestProjectFile(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, PROJECT_FILE);
    if (existsSync(file)) return file;
    if (dirname(folder) === folder) return undefined;
  }
}

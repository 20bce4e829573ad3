import type { Config } from '@oclif/core';
import { readCatalogue } from '../plugins/catalogue.js';
import { installedPackages } from '../plugins/installed-packages.js';
import { loadProgram, pluginProblems } from '../plugins/load-program.js';
import { processTerminal } from '../terminal/process-terminal.js';

/** Says at once what of a plugin just installed will not be used, rather than when somebody misses it. */
export default async function afterInstall(this: { readonly config: Config }): Promise<void> {
  // What stands in memory lacks the new package's list entry.
  const config = await loadProgram(this.config.root);
  const { stderr } = processTerminal();
  for (const { package: name, message } of [...pluginProblems(config), ...readCatalogue(installedPackages(config)).problems]) {
    stderr.write(`Warning: ${name}: ${message}\n`);
  }
}

import { EXIT } from '@heddle/core';
import { Flags } from '@oclif/core';
import { HeddleCommand } from '../base-command.js';
import { allNamespacesFlag, contextFlags, fileFlag, meshFlag, namespaceFlag } from '../flags/shared-flags.js';
import { renderLint } from '../rendering/lint.js';
import { FAIL_ON, fails, partlyRead } from '../services/lint/report.js';
import { TOKENS } from '../tokens.js';

export default class Lint extends HeddleCommand {
  static override summary = "Say what is wrong with a mesh's objects, in files or in a cluster.";
  static override description =
    `Finds rules that no request reaches, routes that another one puts out of force, versions and hosts that do not exist, weights that do not mean what they say, ports whose protocol hides them from the mesh, objects that a cluster would refuse, and more; docs/lint.md says of each what happens to requests and what to do. Nothing is changed.

In a cluster all namespaces are read, since rules of one bear on others, and what is wrong in the namespace is shown (in all of them with -A). Files are taken for what they hold: all of it is shown, -n is for objects that name no namespace, and what may stand elsewhere is a note and no error. Every mesh that is found is looked at. Notes are shown with --verbose, and are always in JSON and YAML.

Where rights are missing, what may be read is looked at, and the rest is named: kinds of all namespaces, or those of other namespaces than that of -n.

Exit code: 4 something may not be read; 6 something is as bad as --fail-on says, or worse.`;
  static override examples = [
    { description: 'Before you apply a folder', command: 'heddle lint -f mesh/' },
    { description: 'What a chart makes, errors only as a failure', command: 'helm template shop | heddle lint -f - --fail-on error' },
    { description: 'A namespace of the cluster', command: 'heddle lint -n shop' },
    { description: 'Everywhere, for a program', command: 'heddle lint -A -o json' },
  ];
  static override flags = {
    ...fileFlag,
    'fail-on': Flags.option({ options: FAIL_ON })({
      summary: 'What makes the exit code 6.',
      default: 'warning' as const,
      env: 'HEDDLE_FAIL_ON',
    }),
    ...allNamespacesFlag,
    ...namespaceFlag,
    ...contextFlags,
    ...meshFlag,
  };

  async run(): Promise<void> {
    const { flags, get } = await this.begin(Lint);
    const report = await get(TOKENS.lint).lint({ allNamespaces: flags['all-namespaces'] });
    const output = get(TOKENS.output);
    output.result(report, (value, paper) => renderLint(value, { all: flags.verbose }, paper));
    const incomplete = partlyRead(report);
    if (incomplete !== undefined) this.endWith(incomplete, output);
    if (fails(report, flags['fail-on'])) this.exit(EXIT.negative);
  }
}

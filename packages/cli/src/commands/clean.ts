import { Flags } from '@oclif/core';
import { HeddleCommand } from '../base-command.js';
import { allNamespacesFlag, contextFlags, dryRunFlag, namespaceFlag, yesFlag } from '../flags/shared-flags.js';
import { renderClean } from '../rendering/clean.js';
import { leftError } from '../services/clean.js';
import { TOKENS } from '../tokens.js';

export default class Clean extends HeddleCommand {
  static override summary = 'Remove what dead sessions left in the cluster.';
  static override description =
    `A session is dead when its process is gone from this machine, or when its lease has expired: some five minutes after its last sign of life. Rules of heddle's that no record accounts for are removed too. Live sessions, and whatever their owners or others wrote, are left alone.

Exit code 5: something could not be removed.`;
  static override examples = [
    { description: 'What would be removed from the current namespace', command: 'heddle clean --dry-run' },
    { description: 'Clean up one namespace', command: 'heddle clean -n shop' },
    { description: 'Clean up everywhere', command: 'heddle clean -A' },
  ];
  static override flags = {
    ...allNamespacesFlag,
    ...dryRunFlag,
    force: Flags.boolean({ summary: 'End live sessions too, of everybody. Asks first.', env: 'HEDDLE_FORCE' }),
    ...yesFlag,
    ...namespaceFlag,
    ...contextFlags,
  };

  async run(): Promise<void> {
    const { flags, get } = await this.begin(Clean);
    const output = get(TOKENS.output);
    const { 'dry-run': dryRun, force, 'all-namespaces': allNamespaces } = flags;
    const report = await get(TOKENS.clean).clean({ allNamespaces, dryRun, force });
    output.result(report, (value, paper) => renderClean(value, { dryRun }, paper));
    const { namespace, flags: clusterFlags } = await get(TOKENS.connections).open();
    const error = leftError(report.left, { ...(allNamespaces ? {} : { namespace }), flags: clusterFlags });
    if (error !== undefined && !dryRun) this.endWith(error, output);
  }
}

import { Args, Flags } from '@oclif/core';
import { HeddleCommand } from '../../base-command.js';
import { contextFlags, namespaceFlag, yesFlag } from '../../flags/shared-flags.js';
import { renderClean } from '../../rendering/clean.js';
import { leftError } from '../../services/clean.js';
import { TOKENS } from '../../tokens.js';

export default class SessionsRecover extends HeddleCommand {
  static override summary = 'Finish the clean-up of a session whose process is gone.';
  static override description = `Removes its rules, pod, Service, Secret and record. Nothing is resumed: \`heddle mesh\` starts anew.

A session of this machine whose process is gone is recovered at once; one of another machine when its lease has expired, some five minutes after its last sign of life.`;
  static override examples = [
    { description: 'After a crash', command: 'heddle sessions recover t1a2b3c4 -n shop' },
    { description: "A colleague's, whose laptop is off", command: 'heddle sessions recover t1a2b3c4 -n shop --force' },
  ];
  static override args = {
    id: Args.string({ required: true, description: "The session's id, as `heddle sessions list` shows it.", ignoreStdin: true }),
  };
  static override flags = {
    force: Flags.boolean({ summary: 'Even if its process may be running. Asks first.', env: 'HEDDLE_FORCE' }),
    ...yesFlag,
    ...namespaceFlag,
    ...contextFlags,
  };

  async run(): Promise<void> {
    const { flags, args, get } = await this.begin(SessionsRecover);
    const output = get(TOKENS.output);
    const report = await get(TOKENS.sessions).recover(args.id, { force: flags.force });
    output.result(report, (value, paper) => renderClean(value, { dryRun: false }, paper));
    const error = leftError(report.left, await get(TOKENS.connections).open());
    if (error !== undefined) this.endWith(error, output);
  }
}

import { Args } from '@oclif/core';
import { HeddleCommand } from '../../base-command.js';
import { contextFlags, namespaceFlag } from '../../flags/shared-flags.js';
import { TOKENS } from '../../tokens.js';

export default class SessionsStop extends HeddleCommand {
  static override summary = 'Ask the process of a running session to end it, and wait until it is gone.';
  static override description =
    "The process may run on another machine: it is asked through the session's record in the cluster, and puts everything back as on Ctrl-C.";
  static override examples = [{ description: 'End a session of namespace shop', command: 'heddle sessions stop t1a2b3c4 -n shop' }];
  static override args = {
    id: Args.string({ required: true, description: "The session's id, as `heddle sessions list` shows it.", ignoreStdin: true }),
  };
  static override flags = { ...namespaceFlag, ...contextFlags };

  async run(): Promise<void> {
    const { args, get } = await this.begin(SessionsStop);
    const report = await get(TOKENS.sessions).stop(args.id);
    get(TOKENS.output).result(report, ({ id, namespace }) => `Session ${id} in ${namespace} has ended.`);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '@heddle/core';
import { Command } from '@oclif/core';
import { nameFlag } from '../../running/name-flag.js';
import { readState, startTimeOf, stateDir } from '../../running/state.js';

export default class SandboxStop extends Command {
  static override summary = 'Stop the sandbox that runs in the background.';
  static override description =
    'Ends the sandbox of this user, started with --detach or in another terminal. Nothing of it is left. Without one it says so, and that is no error.';
  static override examples = ['<%= config.bin %> sandbox stop'];
  static override flags = { name: nameFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(SandboxStop);
    const running = readState(stateDir(process.env, flags.name));
    if (running === undefined) return this.log(`No sandbox is running under the name ${flags.name}.`);
    const { pid, startTime, scenario } = running;
    process.kill(pid, 'SIGTERM');
    for (const end = Date.now() + 10_000; startTimeOf(pid) === startTime; await sleep(50)) {
      if (Date.now() < end) continue;
      const message = `The sandbox (pid ${pid}) does not end.`;
      throw new UserError({ code: 'sandbox-stuck', exit: 'partial', message, next: [`End it by force: kill -9 ${pid}`] });
    }
    this.log(`Stopped the sandbox ${scenario}.`);
  }

  /** The program that runs commands reports errors. */
  protected override async catch(error: Error): Promise<never> {
    throw error;
  }
}

import { HeddleCommand } from '../base-command.js';
import { renderAdapters } from '../rendering/adapters.js';
import { TOKENS } from '../tokens.js';

export default class Adapters extends HeddleCommand {
  static override summary = 'List the installed mesh adapters and tunnels, and what each can do.';
  static override description =
    'Adapters and tunnels come from packages: those that heddle brings, and those that were installed as plugins. One that does not load is listed with the reason; other commands go on working.';
  static override examples = [
    { description: 'What is installed', command: 'heddle adapters' },
    { description: 'The ids of all adapters, for a script', command: "heddle adapters -o json | jq -r '.adapters[].id'" },
  ];

  async run(): Promise<void> {
    const { get } = await this.begin(Adapters);
    get(TOKENS.output).result(await get(TOKENS.adapters).list(), renderAdapters);
  }
}

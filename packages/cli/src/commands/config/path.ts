import { HeddleCommand } from '../../base-command.js';
import { renderPaths } from '../../rendering/config.js';
import { TOKENS } from '../../tokens.js';

export default class ConfigPath extends HeddleCommand {
  static override summary = 'Show where the configuration files are, or would be.';
  static override description = "Your own, and the nearest .heddle.yaml of this folder or one above. The project's counts before yours.";
  static override examples = [
    { description: 'Both', command: 'heddle config path' },
    { description: 'Open your own', command: '"$EDITOR" "$(heddle config path -o json | jq -r .user.file)"' },
  ];

  async run(): Promise<void> {
    const { get } = await this.begin(ConfigPath);
    get(TOKENS.output).result(get(TOKENS.configuration).paths(), renderPaths);
  }
}

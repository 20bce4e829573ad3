import { HeddleCommand } from '../base-command.js';
import { renderVersion } from '../rendering/version.js';
import { versionReport } from '../services/version.js';
import { TOKENS } from '../tokens.js';

export default class Version extends HeddleCommand {
  static override summary = 'Show the versions of heddle, its packages and Node.js.';
  static override examples = [
    { description: 'heddle, Node.js and all packages', command: 'heddle version' },
    { description: 'The number alone', command: 'heddle --version' },
  ];

  async run(): Promise<void> {
    const { get } = await this.begin(Version);
    const { version, packages } = get(TOKENS.place);
    get(TOKENS.output).result(versionReport(version, packages), renderVersion);
  }
}

import { Agent, request } from 'node:http';
import { answerOf, type Counts, countOf, type Headers } from './world.js';

/** One GET, with exactly these headers. */
export function get(url: string, headers: Headers, agent?: Agent): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, ...(agent === undefined ? {} : { agent }) }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** `count` GETs, 16 at a time, counted by answer. */
export async function getMany(url: string, count: number, headers: Headers): Promise<Counts> {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const answers: string[] = [];
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const { status, body } = await get(url, headers, agent);
      answers.push(answerOf(status, body));
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(16, count) }, worker));
  } finally {
    agent.destroy();
  }
  return countOf(answers);
}

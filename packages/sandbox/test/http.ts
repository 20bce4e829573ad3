import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Reply {
  readonly status: number | undefined;
  readonly text: string;
  readonly headers: IncomingMessage['headers'];
}

/** One request on a connection of its own: a POST where there is a body. */
export function send(url: string, headers: Readonly<Record<string, string>> = {}, body: Buffer | string = ''): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, method: body.length === 0 ? 'GET' : 'POST', agent: false }, (response) => {
      text(response).then((got) => resolve({ status: response.statusCode, text: got, headers: response.headers }), reject);
    });
    sent.on('error', reject).end(body);
  });
}

/** What a GET is answered: the body, with the status before it where that is not 200. */
export async function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const { status, text: body } = await send(url, headers);
  return status === 200 ? body : `${status} ${body}`;
}

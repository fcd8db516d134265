/** Programs that talk to the server, ready to run: the key comes from the environment, so it stays out of files. */
export interface Snippet {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

/** What the file is called that clients are given where no authority has signed the server's certificate. */
export const CA_FILE = 'server.pem';

/** Where a snippet's program calls. */
export interface SnippetTarget {
  /** Base address with `/v1`. */
  readonly url: string;
  readonly modelId: string;
  /** The certificate must be trusted by its file. */
  readonly needsCa: boolean;
}

/** Node takes a certificate from its environment, before the program begins. */
export const nodeCaLine = (needsCa: boolean): string =>
  needsCa ? `// Run it with NODE_EXTRA_CA_CERTS=${CA_FILE}\n` : '';

export const snippetsFor = ({ url, modelId, needsCa }: SnippetTarget): readonly Snippet[] => [
  {
    id: 'curl',
    title: 'curl',
    text: `curl ${url}/chat/completions \\${needsCa ? `\n  --cacert ${CA_FILE} \\` : ''}
  -H "Authorization: Bearer $DYNO_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "model": ${JSON.stringify(modelId)},
    "messages": [{ "role": "user", "content": "Hello" }],
    "stream": true
  }'`,
  },
  {
    id: 'python',
    title: 'Python',
    text: `import os${needsCa ? '\nimport ssl' : ''}
from openai import ${needsCa ? 'DefaultHttpxClient, ' : ''}OpenAI

${needsCa ? `trusted = ssl.create_default_context(cafile="${CA_FILE}")\n` : ''}client = OpenAI(base_url=${JSON.stringify(url)}, api_key=os.environ["DYNO_API_KEY"]${needsCa ? ', http_client=DefaultHttpxClient(verify=trusted)' : ''})
stream = client.chat.completions.create(
    model=${JSON.stringify(modelId)},
    messages=[{"role": "user", "content": "Hello"}],
    stream=True,
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)`,
  },
  {
    id: 'typescript',
    title: 'TypeScript',
    text: `${nodeCaLine(needsCa)}import OpenAI from 'openai';

const client = new OpenAI({ baseURL: ${JSON.stringify(url)}, apiKey: process.env.DYNO_API_KEY });
const stream = await client.chat.completions.create({
  model: ${JSON.stringify(modelId)},
  messages: [{ role: 'user', content: 'Hello' }],
  stream: true,
});
for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta.content ?? '');
}`,
  },
];

/** Programs that talk to the server, ready to run: the key comes from the environment, so it stays out of files. */
export interface Snippet {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

export const snippetsFor = (url: string, modelId: string): readonly Snippet[] => [
  {
    id: 'curl',
    title: 'curl',
    text: `curl ${url}/chat/completions \\
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
    text: `import os
from openai import OpenAI

client = OpenAI(base_url=${JSON.stringify(url)}, api_key=os.environ["DYNO_API_KEY"])
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
    text: `import OpenAI from 'openai';

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

import { CA_FILE, nodeCaLine, type Snippet, type SnippetTarget } from './snippets.ts';

/** The address without `/v1`: what clients of other APIs than OpenAI's are given. */
const originOf = (url: string): string => url.replace(/\/v1\/?$/u, '');

/** How the tools people use are pointed at the server. */
export const toolSnippetsFor = ({ url, modelId, needsCa }: SnippetTarget): readonly Snippet[] => {
  const origin = originOf(url);
  const [quotedUrl, quotedOrigin, quotedModel] = [url, origin, modelId].map((text) => JSON.stringify(text));
  const [pythonCa, nodeCa] = [needsCa ? `SSL_CERT_FILE=${CA_FILE} ` : '', nodeCaLine(needsCa)];
  return [
    {
      id: 'open-webui',
      title: 'Open WebUI',
      text: `${pythonCa}OPENAI_API_BASE_URL=${url} OPENAI_API_KEY="$DYNO_API_KEY" open-webui serve`,
    },
    {
      id: 'continue',
      title: 'Continue (config.yaml)',
      text: `name: Dyno
version: 1.0.0
schema: v1
models:
  - name: Dyno
    provider: openai
    model: ${quotedModel}
    apiBase: ${url}
    apiKey: \${{ secrets.DYNO_API_KEY }}${needsCa ? `\n    requestOptions:\n      caBundlePath: ${CA_FILE}` : ''}
    roles: [chat, edit, apply]`,
    },
    {
      id: 'cline',
      title: 'Cline (settings)',
      text: `API Provider   OpenAI Compatible
Base URL       ${url}
API Key        your key
Model ID       ${modelId}${needsCa ? `\nCertificate    start the editor with NODE_EXTRA_CA_CERTS=${CA_FILE}` : ''}`,
    },
    {
      id: 'aider',
      title: 'aider',
      text: `${pythonCa}OPENAI_API_BASE=${url} OPENAI_API_KEY="$DYNO_API_KEY" \\
  aider --model ${JSON.stringify(`openai/${modelId}`)}`,
    },
    {
      id: 'langchain',
      title: 'LangChain',
      text: `${nodeCa}import { ChatOpenAI } from '@langchain/openai';

const model = new ChatOpenAI({
  model: ${quotedModel},
  apiKey: process.env.DYNO_API_KEY,
  configuration: { baseURL: ${quotedUrl} },
});
console.log((await model.invoke('Hello')).content);`,
    },
    {
      id: 'ai-sdk',
      title: 'Vercel AI SDK',
      text: `${nodeCa}import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { streamText } from 'ai';

const dyno = createOpenAICompatible({
  name: 'dyno',
  baseURL: ${quotedUrl},
  apiKey: process.env.DYNO_API_KEY,
});
const { textStream } = streamText({ model: dyno(${quotedModel}), prompt: 'Hello' });
for await (const text of textStream) process.stdout.write(text);`,
    },
    {
      id: 'anthropic',
      title: 'Anthropic SDK',
      text: `${nodeCa}import Anthropic from '@anthropic-ai/sdk';

const client = new Anthropic({ baseURL: ${quotedOrigin}, apiKey: process.env.DYNO_API_KEY });
const message = await client.messages.create({
  model: ${quotedModel},
  max_tokens: 256,
  messages: [{ role: 'user', content: 'Hello' }],
});
console.log(message.content);`,
    },
    {
      id: 'ollama',
      title: 'Ollama client',
      text: `${nodeCa}import { Ollama } from 'ollama';

const client = new Ollama({
  host: ${quotedOrigin},
  headers: { Authorization: \`Bearer \${process.env.DYNO_API_KEY}\` },
});
const reply = await client.chat({
  model: ${quotedModel},
  messages: [{ role: 'user', content: 'Hello' }],
});
console.log(reply.message.content);`,
    },
  ];
};

'use client'
import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { ScrollBox } from '@/components/agent/scroll-box'
import { Badge } from '../ui/badge'
import { IconButton } from '../ui/icon-button'
import { Tab, TabList, TabPanel, Tabs } from '../ui/tabs'

type ModelSource = 'scripted' | 'upstream' | 'unknown'

const providers = [
  { name: 'OpenAI', lines: ['export OPENAI_API_KEY=sk-…'] },
  { name: 'Ollama', lines: ['export OPENAI_BASE_URL=http://localhost:11434/v1', 'export VITRINE_MODELS=qwen3-coder'] },
  {
    name: 'LM Studio',
    lines: ['export OPENAI_BASE_URL=http://localhost:1234/v1', 'export VITRINE_MODELS=local-model'],
  },
  {
    name: 'Other',
    lines: [
      'export OPENAI_BASE_URL=https://models.example.org/v1',
      'export OPENAI_API_KEY=…',
      'export VITRINE_MODELS=name-1,name-2',
    ],
  },
]

/** How to put a real model behind the agent, and which one answers now. The operator's keys live on the server only. */
export function ConnectModel() {
  const source = useModelSource()
  return (
    <section aria-labelledby="model">
      <div className="mb-1 flex items-center gap-2">
        <h2 id="model" className="m-0 font-medium text-meta text-muted">
          Connect a model
        </h2>
        {source === 'scripted' && <Badge>Now: Demo model (scripted)</Badge>}
        {source === 'upstream' && <Badge tone="ok">A model is connected</Badge>}
      </div>
      <p className="m-0 mb-2 max-w-[60ch] text-muted">
        The server reads these when it starts; its key never reaches the browser. Any server that speaks the Responses
        API will do. A key of your own you can enter in a project, for your tab alone.
      </p>
      <Tabs defaultValue="OpenAI" className="overflow-hidden rounded-lg border border-line bg-raised">
        <TabList
          label="Where the model runs"
          className="overflow-x-auto border-line border-b px-1.5 [scrollbar-width:none]"
        >
          {providers.map(({ name }) => (
            <Tab key={name} value={name} className="whitespace-nowrap">
              {name}
            </Tab>
          ))}
        </TabList>
        {providers.map(({ name, lines }) => (
          <TabPanel key={name} value={name} className="relative">
            <Commands text={[...lines, 'npm start'].join('\n')} />
          </TabPanel>
        ))}
      </Tabs>
    </section>
  )
}

function Commands({ text }: { text: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <>
      <ScrollBox aria-label="Variables to set" className="min-h-[92px] overflow-x-auto px-3.5 py-3">
        <pre className="m-0 font-mono text-[12px] leading-5">{text}</pre>
      </ScrollBox>
      <IconButton label={copied ? 'Copied' : 'Copy'} onClick={copy} className="!absolute top-1.5 right-1.5 bg-raised">
        {copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
      </IconButton>
    </>
  )
}

function useModelSource(): ModelSource {
  const [source, setSource] = useState<ModelSource>('unknown')
  useEffect(() => {
    const abort = new AbortController()
    fetch('/api/health', { signal: abort.signal })
      .then(async (response): Promise<unknown> => (response.ok ? response.json() : null))
      .then((health) => setSource(modelOf(health)))
      .catch((error: unknown) => {
        if (!abort.signal.aborted) console.warn('The server did not say which model answers.', error)
      })
    return () => abort.abort()
  }, [])
  return source
}

function modelOf(health: unknown): ModelSource {
  if (typeof health !== 'object' || health === null || !('model' in health)) return 'unknown'
  return health.model === 'scripted' || health.model === 'upstream' ? health.model : 'unknown'
}

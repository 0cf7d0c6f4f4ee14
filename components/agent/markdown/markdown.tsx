import { memo } from 'react'
import ReactMarkdown, { type Components } from 'react-markdown'
import rehypeSanitize from 'rehype-sanitize'
import remarkGfm from 'remark-gfm'
import { CodeBlock } from './code-block'
import { MarkdownLink, PathCode } from './links'
import { chatSchema } from './schema'
import { splitBlocks } from './split-blocks'
import { tame } from './tame'

/** An assistant message. Finished blocks are not rendered again while the text grows. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  return (
    <div className="agent-prose">
      {splitBlocks(text).map((block, index) => (
        <Block key={index} text={block} />
      ))}
    </div>
  )
})

const Block = memo(function Block({ text }: { text: string }) {
  return (
    <ReactMarkdown
      remarkPlugins={remarkPlugins}
      rehypePlugins={rehypePlugins}
      urlTransform={keepUrl}
      components={components}
    >
      {text}
    </ReactMarkdown>
  )
})

const remarkPlugins = [remarkGfm, tame]
const rehypePlugins: [typeof rehypeSanitize, typeof chatSchema][] = [[rehypeSanitize, chatSchema]]

/** The sanitiser has judged protocols already; `MarkdownLink` judges again before it shows a link. */
const keepUrl = (url: string) => url

const components: Components = {
  a: ({ href, children }) => <MarkdownLink href={href ?? ''}>{children}</MarkdownLink>,
  code: ({ children }) => <PathCode>{children}</PathCode>,
  pre: ({ node }) => <CodeBlock node={node} />,
  input: ({ checked }) => (
    <span className="agent-task" role="img" aria-label={checked ? 'done' : 'not done'}>
      {checked ? '☑' : '☐'}
    </span>
  ),
  table: ({ children }) => (
    <div className="agent-table">
      <table>{children}</table>
    </div>
  ),
  // A message sits below the pane's own headings.
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h4>{children}</h4>,
  h3: ({ children }) => <h5>{children}</h5>,
  h4: ({ children }) => <h6>{children}</h6>,
  h5: ({ children }) => <h6>{children}</h6>,
}

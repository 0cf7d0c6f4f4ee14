'use client'
import { ArrowRight, Atom, File, FileCode2, Flame, FlaskConical, Hexagon, LayoutTemplate, Triangle } from 'lucide-react'
import Link from 'next/link'
import type { ComponentType } from 'react'
import { ConnectModel } from './connect-model'
import { RecentProjects } from './recent-projects'
import { StartHeader } from './start-header'

/** What the start page shows of a template; the files stay on the server until one is chosen. */
export interface TemplateCard {
  name: string
  title: string
  description: string
  icon: string
}

const icons: Record<string, ComponentType<{ size: number; strokeWidth: number }>> = {
  'flask-conical': FlaskConical,
  'file-code-2': FileCode2,
  'layout-template': LayoutTemplate,
  hexagon: Hexagon,
  atom: Atom,
  triangle: Triangle,
  flame: Flame,
  file: File,
}

export function StartPage({ templates, version }: { templates: readonly TemplateCard[]; version: string }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <StartHeader />
      <main className="mx-auto grid w-full max-w-[1040px] flex-1 grid-cols-[minmax(0,1fr)_300px] content-start gap-x-14 gap-y-12 px-6 pt-14 pb-16 max-md:grid-cols-1 max-md:gap-y-10 max-md:px-4 max-md:pt-8">
        <div className="flex min-w-0 flex-col gap-12 max-md:gap-10">
          <Demo />
          <section aria-labelledby="start-from">
            <h2 id="start-from" className="m-0 mb-3 font-medium text-meta text-muted">
              Start from
            </h2>
            <ul className="m-0 grid list-none grid-cols-2 gap-2.5 p-0 max-md:grid-cols-1">
              {templates
                .filter(({ name }) => name !== 'demo')
                .map((template) => (
                  <li key={template.name}>
                    <TemplateLink template={template} />
                  </li>
                ))}
            </ul>
          </section>
        </div>
        <div className="row-span-2 min-w-0 max-md:row-span-1">
          <RecentProjects />
        </div>
        <ConnectModel />
      </main>
      <footer className="mx-auto w-full max-w-[1040px] px-6 pb-6 text-meta text-muted max-md:px-4">
        Vitrine {version}. Open source, MIT. Projects stay in this browser.
      </footer>
    </div>
  )
}

function Demo() {
  return (
    <section aria-labelledby="demo">
      <h1 id="demo" className="m-0 text-balance font-semibold text-display tracking-[-0.02em]">
        See an agent work on your code
      </h1>
      <p className="mt-2 mb-5 max-w-[52ch] text-chat text-muted">
        It reads, edits and tests a project in this browser tab, in front of you. Try it on a small one with two failing
        tests: no account, no key.
      </p>
      <Link
        href="/p/new?template=demo"
        prefetch={false}
        className="inline-flex h-10 items-center gap-2 rounded-md bg-text px-4 font-medium text-bg text-chat no-underline transition-opacity duration-120 hover:opacity-88 touch:h-12"
      >
        Try the demo
        <ArrowRight size={15} aria-hidden />
      </Link>
    </section>
  )
}

function TemplateLink({ template: { name, title, description, icon } }: { template: TemplateCard }) {
  const Icon = icons[icon] ?? File
  return (
    <Link
      href={`/p/new?template=${name}`}
      prefetch={false}
      className="group flex h-full items-start gap-3 rounded-lg border border-line bg-raised p-3.5 no-underline transition-colors duration-120 hover:border-line-strong"
    >
      <span className="mt-0.5 text-muted group-hover:text-text">
        <Icon size={17} strokeWidth={1.5} />
      </span>
      <span className="min-w-0">
        <span className="block font-medium">{title}</span>
        <span className="mt-0.5 block text-pretty text-muted">{description}</span>
      </span>
    </Link>
  )
}

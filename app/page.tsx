import { StartPage } from '@/components/start/start-page'
import { templates } from '@/lib/workspace/templates'
import packageJson from '@/package.json'

export default function Page() {
  return (
    <StartPage
      version={packageJson.version}
      templates={templates.map(({ name, title, description, icon }) => ({ name, title, description, icon }))}
    />
  )
}

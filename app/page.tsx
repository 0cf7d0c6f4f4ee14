export default function StartPage() {
  return <main className="p-8 text-display">Vitrine</main>
}

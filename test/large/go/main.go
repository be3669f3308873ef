// A program of Go, debugged by the names of its functions: Go's compiler writes nothing else for WebAssembly.
package main

import (
	"fmt"
	"os"
	"sort"
	"strings"
)

type word struct {
	text  string
	count int
}

type counter struct {
	counts map[string]int
}

//go:noinline
func (c *counter) add(text string) {
	c.counts[strings.ToLower(text)]++
}

//go:noinline
func (c *counter) sorted() []word {
	words := make([]word, 0, len(c.counts))
	for text, count := range c.counts {
		words = append(words, word{text, count})
	}
	sort.Slice(words, func(a, b int) bool { return words[a].text < words[b].text })
	return words
}

//go:noinline
func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func main() {
	c := &counter{map[string]int{}}
	for _, text := range strings.Fields("To be or not to be") {
		c.add(text)
	}
	for _, word := range c.sorted() {
		fmt.Println(word.text, word.count)
	}
	done := make(chan int)
	go func() { done <- fib(10) }()
	fmt.Println("fib", <-done)
	if len(os.Args) > 1 {
		panic("asked to: " + os.Args[1])
	}
}

// Creates fifty organizations from fifty goroutines: go run . (finds the library with pkg-config).
package main

/*
#cgo pkg-config: scalekit
#include <scalekit/scalekit.h>
#include <stdlib.h>
*/
import "C"

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"sync"
	"unsafe"
)

// Client is a client of Scalekit's API, for any number of goroutines.
type Client struct{ handle *C.scalekit_client }

// FromEnv creates a client from environment variables.
func FromEnv() (*Client, error) {
	var failed *C.scalekit_result
	if handle := C.scalekit_client_from_env(nil, &failed); handle != nil {
		return &Client{handle}, nil
	}
	return nil, take(failed, nil)
}

// Call makes a call by its name, and decodes its result.
func (c *Client) Call(operation string, arguments, result any) error {
	encoded, err := json.Marshal(arguments)
	if err != nil {
		return err
	}
	name, text := C.CString(operation), C.CString(string(encoded))
	defer C.free(unsafe.Pointer(name))
	defer C.free(unsafe.Pointer(text))
	return take(C.scalekit_call(c.handle, name, text), result)
}

// take reads a result and frees it.
func take(result *C.scalekit_result, into any) error {
	defer C.scalekit_result_free(result)
	if C.scalekit_result_kind(result) != C.SCALEKIT_OK {
		return errors.New(C.GoString(C.scalekit_result_summary(result, nil)))
	}
	var length C.size_t
	text := C.scalekit_result_json(result, &length)
	return json.Unmarshal(C.GoBytes(unsafe.Pointer(text), C.int(length)), into)
}

func main() {
	client, err := FromEnv()
	if err != nil {
		log.Fatal(err)
	}
	defer C.scalekit_client_free(client.handle)
	failures, group := make(chan error, 50), sync.WaitGroup{}
	for i := 0; i < 50; i++ {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			var made struct{ ID string }
			organization := map[string]any{"display_name": fmt.Sprintf("Customer %d", i)}
			failures <- client.Call("organizations.create", map[string]any{"organization": organization}, &made)
		}(i)
	}
	group.Wait()
	close(failures)
	for err := range failures {
		if err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println("created 50 organizations")
}

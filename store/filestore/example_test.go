package filestore_test

import (
	"context"
	"fmt"
	"os"

	"github.com/bangkom/bangkom/store"
	"github.com/bangkom/bangkom/store/filestore"
)

func Example() {
	ctx := context.Background()
	path, err := os.MkdirTemp("", "state")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(path)

	dir, err := filestore.Open(path, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer dir.Close()
	plans, problems, err := filestore.NewStore[string, string](dir, "plans")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(problems), "problems")
	if _, err := plans.Put(ctx, "2027", "approved", store.Absent); err != nil {
		fmt.Println(err)
	}
	for plan, err := range plans.All(ctx) {
		fmt.Println(plan.Key, plan.Value, err)
	}
	// Output:
	// 0 problems
	// 2027 approved <nil>
}
